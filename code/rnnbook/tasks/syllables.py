"""한글 음절을 첫소리·가운뎃소리·받침으로 푼다."""

from dataclasses import dataclass

ONSETS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
CODAS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀ",
         *"ㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
FIRST = ord("가")


@dataclass
class Syllable:
    """음절 하나. 받침이 없으면 coda는 빈 문자열이다.

    str()로 다시 한 글자로 모은다. 소리가 하나도 없으면 빈 문자열이
    되고, 받침이 아닌 소리가 빠졌으면 ValueError.
    """

    onset: str = ""
    vowel: str = ""
    coda: str = ""

    def __str__(self):
        sounds = self.onset, self.vowel, self.coda
        if not any(sounds):
            return ""
        if not (self.onset and self.vowel):
            raise ValueError(
                "음절에는 첫소리와 가운뎃소리가 있어야 합니다: "
                f"받은 소리 {sounds}"
            )
        code = ONSETS.index(self.onset)
        code = code * len(VOWELS) + VOWELS.index(self.vowel)
        code = code * len(CODAS) + CODAS.index(self.coda)
        return chr(FIRST + code)


def syllables(word):
    """한글 음절로만 된 글을 `Syllable`의 리스트로 푼다.

    한글 음절이 아닌 글자가 있으면 ValueError.
    """
    parts = []
    for letter in word:
        if not "가" <= letter <= "힣":
            raise ValueError(
                f"한글 음절이 아닙니다: 받은 글자 {letter!r}"
            )
        code, coda = divmod(ord(letter) - FIRST, len(CODAS))
        onset, vowel = divmod(code, len(VOWELS))
        sounds = ONSETS[onset], VOWELS[vowel], CODAS[coda]
        parts.append(Syllable(*sounds))
    return parts
