"""How what is compared looks, by what stands in its name."""

from __future__ import annotations

#: The first that fits. The contrastive rule is symmetrised DH, as in lesson 09.
LOOKS = {
    "2 dh": "layer2", "mirrored": "hebb", "hebb": "hebb", "stdp": "stdp", "neurons": "stdp",
    "train": "layer1", "spike": "stdp",
    "contrast": "voltage", "dh": "dh", "error": "error", "backprop": "backprop",
}  # fmt: skip


def look_of(name: str, k: int) -> str | int:
    """The look of a name, or that of the curve with this number."""
    return next((look for part, look in LOOKS.items() if part in name.lower()), k)


def apart(names: list[str]) -> list[str | int]:
    """The looks of several names, each with one of its own."""
    looks: list[str | int] = []
    for k, name in enumerate(names):
        look = look_of(name, k)
        looks.append(look if look not in looks else 6 - k)
    return looks
