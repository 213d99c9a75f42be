"""Numbers as readers see them, rounded as JavaScript rounds."""

from decimal import ROUND_HALF_UP, Decimal


def num(value, digits=2):
    """1.5 -> "1.50", -0.004 -> "0.00", -2 -> "−2.00" with a real minus sign; the twin of `num` in dom.js."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded}".replace("-", "−")
