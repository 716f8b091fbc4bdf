"""글을 UTF-8 바이트로 푸는 토크나이저."""

from rnnbook.text import SyllableTokenizer


class ByteTokenizer:
    """글자를 UTF-8 바이트로 푸는 토크나이저.

    한글 음절은 바이트 세 개다. 바이트 b를 글자 chr(b)로 나타내므로
    토큰은 256가지뿐이고, 어떤 글에도 모르는 토큰이 없다.
    """

    def split(self, text):
        """글(str) -> 토큰(list[str]). '한'은 토큰 셋이 된다.

        UTF-8로 적을 수 없는 글자가 있으면 ValueError.
        """
        letters = SyllableTokenizer().split(text)
        try:
            return [chr(byte) for byte in "".join(letters).encode()]
        except UnicodeEncodeError as error:
            raise ValueError(
                "UTF-8로 적을 수 없는 글자입니다: "
                f"{error.object[error.start]!r}"
            ) from None

    def join(self, tokens):
        """바이트를 글로 되돌린다. 깨진 글자는 �가 된다.

        바이트를 나타내는 토큰이 아니면 ValueError.
        """
        try:
            data = SyllableTokenizer().join(tokens).encode("latin-1")
        except UnicodeEncodeError as error:
            raise ValueError(
                "바이트를 나타내는 토큰이 아닙니다: "
                f"{error.object[error.start]!r}"
            ) from None
        return data.decode(errors="replace")
