"""움직이는 그림. 코드 칸의 마지막 줄에 두면 페이지, Jupyter, Colab에서 똑같이 움직인다.

    from rnnbook import figures
    figures.GateExplorer()

그림 하나는 셋으로 되어 있다. 값을 담는 클래스(.py), 그 값을 브라우저에서 다시 계산하는
모듈(.mjs), 스크립트가 없을 때 보일 SVG. 파이썬과 자바스크립트의 값이 같은지는 테스트로 확인한다.
"""

from .gate_explorer import GateExplorer
from .gradient_path import GradientPath
from .sequence_scrubber import SequenceScrubber
from .writer import Writer

__all__ = ["GateExplorer", "GradientPath", "SequenceScrubber", "Writer"]
