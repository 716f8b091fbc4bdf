"""게이트 하나를 골라 편향을 채우고, 고정하고, 뒤집는다. NumPy 구현과 PyTorch 구현이 함께 쓴다."""


class Gates:
    """순환층에 fill_bias, hold, flip을 더한다. 하위 클래스는 order, candidate, arrays를 정한다."""

    order = "ifgo"    # 매개변수의 행에 게이트가 놓인 순서
    candidate = "g"   # 그 가운데 게이트가 아닌 것

    def arrays(self):
        """(매개변수 이름, 제자리에서 바꿀 배열)을 차례로 낸다."""
        raise NotImplementedError

    def fill_bias(self, gate, value):
        """모든 층에서 게이트 하나의 편향의 합을 value로 만든다. 예: fill_bias("f", 1)

        bias_ih는 value로, bias_hh는 0으로 채운다. 없는 게이트이면 ValueError.
        망각 게이트의 편향을 1쯤으로 두고 시작하면 오래전의 입력을 더 잘 기억한다.
        출처: Gers, Schmidhuber & Cummins (2000), Jozefowicz, Zaremba & Sutskever (2015)
        """
        for name, rows in self._rows(gate, "bias"):
            rows[:] = value if "_ih" in name else 0

    def hold(self, gate, value):
        """게이트 하나를 늘 1(열림)이나 0(닫힘)으로 고정한다. 학습해도 바뀌지 않는다.

        가중치를 0, 편향을 ±100으로 두면 σ는 1이나 0이고, 그 기울기 σ(1-σ)는 0이다.
        """
        for _, rows in self._rows(gate, "weight", self._gates()):
            rows[:] = 0
        self.fill_bias(gate, 100 if value else -100)

    def flip(self, gate):
        """게이트 하나를 뒤집는다: 가중치와 편향의 부호를 바꾸면 σ(-a) = 1 - σ(a)이다.

        논문에 따라 GRU의 갱신 게이트 z는 뜻이 반대이다. 한쪽의 가중치를 다른 쪽 식에 맞출 때 쓴다.
        두 번 부르면 처음으로 돌아온다.
        """
        for kind in ("weight", "bias"):
            for _, rows in self._rows(gate, kind, self._gates()):
                rows *= -1

    def _gates(self):
        """후보를 뺀 게이트의 이름들."""
        return self.order.replace(self.candidate, "")

    def _rows(self, gate, kind, gates=None):
        """그 게이트가 쓰는 행들: (매개변수 이름, 행의 뷰)."""
        if gate not in (gates or self.order):
            names = ", ".join(gates or self.order)
            raise ValueError(f"게이트는 {names} 가운데 하나여야 합니다: 받은 값 {gate!r}")
        k = self.order.index(gate) * self.hidden_size
        starts = {f"{kind}_ih": k, f"{kind}_hh": k, f"{kind}_c{gate}": 0}  # 마지막은 엿보기
        return [(name, value[start:start + self.hidden_size]) for name, value in self.arrays()
                for prefix, start in starts.items() if name.startswith(prefix)]
