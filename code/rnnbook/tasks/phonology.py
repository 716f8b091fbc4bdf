"""표준 발음법의 규칙: 이웃한 두 음절을 고쳐 쓴다.

규칙은 두 음절 a와 b의 글자만 보고 둘을 바꾸는 함수다.
`RULES`의 차례대로 적용한다. a가 마지막 음절이면 b는 소리가
없는 음절 Syllable()이다.

형태소나 뜻까지 알아야 하는 다음 소리는 다루지 않는다.

- 어미가 아닌 말 앞의 ㅀ(제12항): 싫증[실쯩]
- 붙여 쓴 합성어의 대표음(제15항): 겉옷[거돋]
- 유음화의 예외(제20항): 생산량[생산냥]
- 어간의 ㄴ, ㅁ 뒤(제24항): 신고[신꼬]
- 삶-의 뒤와 어미 ‘-기’ 앞의 ㄻ(제24항): 삶다[삼따], 닮기[담끼]
- 한자어와 관형사형(제26·27항): 갈등[갈뜽]
- 사잇소리(제28항): 문고리[문꼬리]
- ㄴ 첨가(제29·30항): 솜이불[솜니불], 깻잎[깬닙]

긴소리는 적지 않는다. 발음을 둘 이상 허용하면 원칙을 따르되,
다음은 허용하는 발음으로 읽는다: 사이시옷(제30항) 냇가[낻까],
맛있다[마싣따]와 멋있다[머싣따](제15항).

출처: 표준어 규정(문화체육관광부 고시 제2017-13호)
제2부 표준 발음법.
"""


def _table(sounds, become):
    return dict(zip(sounds, become, strict=True))


TENSE = _table("ㄱㄷㅂㅅㅈ", "ㄲㄸㅃㅆㅉ")
PLAIN = _table(  # 받침 -> 끝이나 자음 앞에서 나는 소리
    "ㄲㅋㄳㄺㅅㅆㅈㅊㅌㅎㅍㅄㄿㄼㄽㄾㅀㄵㄶㄻ",
    "ㄱㄱㄱㄱㄷㄷㄷㄷㄷㄷㅂㅂㅂㄹㄹㄹㄹㄴㄴㅁ",
)
LINKED = {  # 겹받침 -> 남는 받침과 옮겨 가는 소리
    "ㄳ": "ㄱㅆ", "ㄵ": "ㄴㅈ", "ㄺ": "ㄹㄱ",
    "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅆ",
    "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅄ": "ㅂㅆ",
}
ASPIRATED = {  # ㅎ 앞의 받침 -> (남는 받침과) 거센소리
    **_table("ㄱㄲㅋㄳㄷㅅㅆㅊㅌㅎㅂㅍㅄㅈ",
             "ㅋㅋㅋㅋㅌㅌㅌㅌㅌㅌㅍㅍㅍㅊ"),
    "ㄵ": "ㄴㅊ", "ㄺ": "ㄹㅋ", "ㄼ": "ㄹㅍ", "ㄿ": "ㄹㅍ",
}
# 자모 이름의 끝 글자(디귿, 지읒 따위) -> 옮겨 가는 소리
LETTER_NAMES = _table("귿읒읓읕읗읔읖", "ㅅㅅㅅㅅㅅㄱㅂ")
# 겹받침으로 끝나는 명사의 끝 글자: 닭, 기슭, 여덟 따위
NOUNS = ("닭", "흙", "칡", "삵", "슭", "삶", "덟")


def letter_name(a, b):
    """자모의 이름: 디귿이[디그시], 키읔이[키으기]."""
    if b.onset == "ㅇ":
        a.coda = LETTER_NAMES.get(str(a), a.coda)


def plain_ui(a, b):
    """자음 뒤의 ㅢ는 [ㅣ]: 희망[히망]."""
    if a.vowel == "ㅢ" and a.onset != "ㅇ":
        a.vowel = "ㅣ"


def palatal(a, b):
    """ㄷ, ㅌ, ㄾ과 ㅣ가 만나면 [ㅈ, ㅊ]이 된다.

    굳이[구지], 밭이[바치], 굳히다[구치다], 닫혀[다처]
    """
    yeo = b.vowel == "ㅕ" and b.coda in ("", "ㅆ")  # 닫혀, 닫혔다
    if b.vowel != "ㅣ" and not yeo:
        return
    if b.onset == "ㅇ" and a.coda in ("ㄷ", "ㅌ", "ㄾ"):
        b.onset = "ㅈ" if a.coda == "ㄷ" else "ㅊ"
        a.coda = "ㄹ" if a.coda == "ㄾ" else ""
    elif b.onset == "ㅎ" and a.coda == "ㄷ":
        a.coda, b.onset = "", "ㅊ"


def h_coda(a, b):
    """ㅎ 받침은 뒤의 첫소리와 합쳐지거나 사라진다.

    놓고[노코], 많소[만쏘], 놓는[논는], 낳은[나은]
    """
    merged = _table("ㄱㄷㅂㅈㅅㄴㅇ", "ㅋㅌㅍㅊㅆㄴㅇ")
    if a.coda in ("ㅎ", "ㄶ", "ㅀ") and b.onset in merged:
        alone = "ㄴ" if b.onset == "ㄴ" else ""
        a.coda = {"ㅎ": alone, "ㄶ": "ㄴ", "ㅀ": "ㄹ"}[a.coda]
        b.onset = merged[b.onset]


def aspirate(a, b):
    """받침과 ㅎ이 합쳐진다: 각하[가카], 밟히다[발피다]."""
    if b.onset == "ㅎ" and a.coda in ASPIRATED:
        *rest, b.onset = ASPIRATED[a.coda]
        a.coda = "".join(rest)


def link(a, b):
    """받침이 뒤로 옮겨 간다: 옷이[오시], 값을[갑쓸]."""
    if b.onset == "ㅇ" and a.coda not in ("", "ㅇ"):
        *rest, b.onset = LINKED.get(a.coda, a.coda)
        a.coda = "".join(rest)


def balp(a, b):
    """밟-, 넓죽-, 넓적-, 넓둥-의 ㄼ은 [ㅂ]: 밟다[밥따]."""
    after = b.onset + b.vowel
    wide = str(a) == "넓" and after in ("ㅈㅜ", "ㅈㅓ", "ㄷㅜ")
    if str(a) == "밟" or wide:
        a.coda = "ㅂ"


def stem(a, b):
    """용언의 겹받침 뒤에서 나는 된소리.

    맑게[말께], 앉고[안꼬], 닮지[담찌], 넓게[널께].
    명사의 끝 글자(`NOUNS`)와 ‘기’ 앞의 ㄻ(굶기다)은 뺀다.
    """
    passive = (a.coda, b.onset, b.vowel) == ("ㄻ", "ㄱ", "ㅣ")
    if str(a) in NOUNS or passive:
        return
    if a.coda == "ㄺ" and b.onset == "ㄱ":
        a.coda, b.onset = "ㄹ", "ㄲ"
    elif a.coda in ("ㄵ", "ㄻ", "ㄼ", "ㄾ"):
        b.onset = TENSE.get(b.onset, b.onset)


def plain_coda(a, b):
    """받침의 대표음: 앞[압], 부엌[부억], 닭[닥]."""
    a.coda = PLAIN.get(a.coda, a.coda)


def tense(a, b):
    """[ㄱ, ㄷ, ㅂ] 뒤의 된소리: 국밥[국빱]."""
    if a.coda in ("ㄱ", "ㄷ", "ㅂ"):
        b.onset = TENSE.get(b.onset, b.onset)


def nasal_r(a, b):
    """ㄹ이 [ㄴ]으로: 담력[담녁], 협력[혐녁]."""
    if b.onset == "ㄹ" and a.coda in ("ㄱ", "ㄷ", "ㅂ", "ㅁ", "ㅇ"):
        b.onset = "ㄴ"


def nasal(a, b):
    """ㄴ, ㅁ 앞의 비음화: 국물[궁물]."""
    if b.onset in ("ㄴ", "ㅁ"):
        nasals = _table("ㄱㄷㅂ", "ㅇㄴㅁ")
        a.coda = nasals.get(a.coda, a.coda)


def liquid(a, b):
    """ㄹ 앞뒤의 ㄴ이 [ㄹ]로: 신라[실라], 칼날[칼랄]."""
    if (a.coda, b.onset) in (("ㄴ", "ㄹ"), ("ㄹ", "ㄴ")):
        a.coda = b.onset = "ㄹ"


def plain_yeo(a, b):
    """져, 쪄, 쳐는 [저, 쩌, 처]: 다쳐[다처]."""
    if a.onset in ("ㅈ", "ㅉ", "ㅊ") and a.vowel == "ㅕ":
        a.vowel = "ㅓ"


RULES = {
    "자모의 이름(제16항)": letter_name,
    "자음 뒤의 ㅢ(제5항)": plain_ui,
    "구개음화(제17항)": palatal,
    "ㅎ 받침(제12항)": h_coda,
    "격음화(제12항)": aspirate,
    "연음(제13·14항)": link,
    "밟-과 넓-(제10항)": balp,
    "어간 뒤의 경음화(제11·24·25항)": stem,
    "대표음(제9~11항)": plain_coda,
    "경음화(제23항)": tense,
    "ㄹ의 비음화(제19항)": nasal_r,
    "비음화(제18항)": nasal,
    "유음화(제20항)": liquid,
    "져·쪄·쳐(제5항)": plain_yeo,
}
