"""Numbers as readers see them, rounded as JavaScript rounds."""

from decimal import ROUND_HALF_UP, Decimal


def num(value, digits=2):
    """1.5 -> "1.50", -0.004 -> "0.00", -2 -> "−2.00" with a real minus sign; the twin of `num` in dom.js."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded}".replace("-", "−")


def magnitude(value):
    """A number of at least 0 to two digits: 0.394 -> "0.39", 38.2 -> "38", 2.04e-13 -> "2.0e-13", 0 -> "0"; the twin of
    `magnitude` in dom.js.
    """
    if value == 0:
        return "0"
    exact = Decimal(value)
    power = exact.adjusted()
    digits = exact.scaleb(-power).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if digits == 10:
        digits, power = Decimal("1.0"), power + 1
    if -2 <= power <= 2:
        return f"{digits.scaleb(power):.{max(0, 1 - power)}f}"
    return f"{digits}e{power}"
