"""진행 막대: tqdm이 있으면 그 막대를, 없으면 아무것도 그리지 않는 막대를 쓴다."""


class NoBar:
    """그리지 않는 막대. 브라우저처럼 tqdm이 없는 곳에서 쓴다."""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def update(self, count=1):
        """count만큼 나아갔다고 알린다."""

    def set_postfix(self, values):
        """막대 뒤에 붙일 값을 알린다."""


def progress_bar(shown=True, **options):
    """with 문에 쓸 막대를 돌려준다. shown이 거짓이면 그리지 않는다. options는 tqdm의 인자다."""
    if not shown:
        return NoBar()
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return NoBar()
    return tqdm(**options)
