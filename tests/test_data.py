"""The packaged digits, IDX files whole and broken, toy tasks."""

from __future__ import annotations

import functools
import gzip
import hashlib
import http.server
import os
import struct
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from hebblite import data
from hebblite.data import download, idx, make_subset
from hebblite.data.digits import SUBSET
from hebblite.errors import ArgumentError, DataError
from hebblite.network import Network


@pytest.fixture(scope="session")
def mnist():
    """The folder of the official files: HEBBLITE_MNIST, or one that lies beside the checkout."""
    beside = ROOT.parent / "shared" / "data" / "mnist"
    folder = Path(os.environ.get("HEBBLITE_MNIST", beside))
    if not folder.is_dir():
        pytest.skip("the full MNIST is not here: set HEBBLITE_MNIST")
    return folder


def write_idx(path: Path, array: np.ndarray) -> Path:
    header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    raw = header + array.astype(np.uint8).tobytes()
    path.write_bytes(gzip.compress(raw) if path.suffix == ".gz" else raw)
    return path


@pytest.fixture
def own_set(tmp_path):
    """Four small IDX files of one's own: plain, packed, and with a dot in the name."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (7, 4, 4))
    write_idx(tmp_path / "train-images-idx3-ubyte", images)
    write_idx(tmp_path / "train-labels-idx1-ubyte.gz", np.arange(7) % 3)
    write_idx(tmp_path / "t10k-images.idx3-ubyte", images[:5])
    write_idx(tmp_path / "t10k-labels.idx1-ubyte.gz", np.arange(5) % 3)
    return tmp_path


def test_the_packaged_digits():
    digits = data.load_digits()
    assert (ROOT / "hebblite" / "data" / SUBSET).stat().st_size < 2.5e6
    assert digits.x_train.shape == (10_000, 784) and digits.x_test.shape == (2_000, 784)
    assert digits.x_train.dtype == np.float32 and digits.y_train.dtype == np.int64
    assert digits.x_train.min() == 0 and digits.x_train.max() == 1
    for labels in (digits.y_train, digits.y_test):
        shares = np.bincount(labels, minlength=10) / len(labels)
        assert shares.min() > 0.08 and shares.max() < 0.13


def test_the_packaged_digits_are_the_first_of_the_official_files(mnist):
    full, digits = data.load_mnist(mnist), data.load_digits()
    assert full.x_train.shape == (60_000, 784) and full.x_test.shape == (10_000, 784)
    for name in digits._fields:
        part = getattr(digits, name)
        assert np.array_equal(getattr(full, name)[: len(part)], part)


def test_a_damaged_package_file_is_named(monkeypatch, tmp_path):
    from hebblite.data import digits

    monkeypatch.setattr(digits.resources, "files", lambda _: tmp_path)
    with pytest.raises(DataError, match=SUBSET):
        data.load_digits()
    raw = (ROOT / "hebblite" / "data" / SUBSET).read_bytes()
    (tmp_path / SUBSET).write_bytes(raw[: len(raw) // 2])
    with pytest.raises(DataError, match=SUBSET):
        data.load_digits()


@given(st.integers(0, 2_000_000), st.integers(0, 7))
def test_a_flipped_bit_in_the_package_file_never_passes_for_other_digits(tmp_path_factory, at, bit):
    from hebblite.data import digits

    raw = bytearray((ROOT / "hebblite" / "data" / SUBSET).read_bytes())
    raw[at % len(raw)] ^= 1 << bit
    folder = tmp_path_factory.mktemp("subset")
    (folder / SUBSET).write_bytes(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digits.resources, "files", lambda _: folder)
        try:
            read = data.load_digits()
        except DataError as error:
            assert SUBSET in str(error)
        else:  # a date, say, in the zip's directory
            assert all(map(np.array_equal, read, data.load_digits()))
    (folder / SUBSET).unlink()


@pytest.mark.long
def test_the_packaged_digits_can_be_made_again(mnist, tmp_path):
    from hebblite.data import digits

    for name in ("a.npz", "b.npz"):
        make_subset.main(mnist, tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with np.load(tmp_path / "a.npz", allow_pickle=False) as made:  # zlib may pack otherwise
        assert digits.fingerprint([made[n] for n in data.Digits._fields]) == digits.SUBSET_SHA256


def test_a_subset_is_made_of_official_files_only(own_set, tmp_path):
    with pytest.raises(DataError, match="train-images"):
        make_subset.main(own_set, tmp_path / "made.npz")
    assert not (tmp_path / "made.npz").exists()


def test_own_idx_files_packed_or_not(own_set):
    own = data.load_mnist(own_set, verify=False)
    assert own.x_train.shape == (7, 16) and own.y_test.tolist() == [0, 1, 2, 0, 1]
    with pytest.raises(DataError, match="train-images-idx3-ubyte: got shape"):
        data.load_mnist(own_set)
    write_idx(own_set / "t10k-images.idx3-ubyte", np.zeros((5, 3, 3)))
    with pytest.raises(DataError, match=r"\(4, 4\), but t10k images of \(3, 3\)"):
        data.load_mnist(own_set, verify=False)
    write_idx(own_set / "t10k-images.idx3-ubyte", np.zeros((4, 4, 4)))
    with pytest.raises(DataError, match="4 t10k images, but 5 labels"):
        data.load_mnist(own_set, verify=False)


def test_a_missing_file_is_named(own_set):
    (own_set / "t10k-labels.idx1-ubyte.gz").unlink()
    with pytest.raises(DataError, match="t10k-labels-idx1-ubyte"):
        data.load_mnist(own_set, verify=False)
    with pytest.raises(DataError, match="not a folder"):
        data.load_mnist(own_set / "nowhere")


def test_a_changed_pixel_is_found_by_the_checksum(mnist, tmp_path):
    for name in idx.OFFICIAL:
        raw = bytearray(gzip.decompress((mnist / f"{name}.gz").read_bytes()))
        if name == "t10k-images-idx3-ubyte":
            raw[5000] ^= 1
        (tmp_path / name).write_bytes(raw)
    with pytest.raises(DataError, match=r"t10k-images-idx3-ubyte: .*checksum"):
        data.load_mnist(tmp_path)


@given(st.integers(0, 10_000), st.booleans(), st.booleans())
def test_truncated_or_altered_idx_files_never_pass_for_another_array(
    tmp_path_factory, at, cut, pack
):
    folder = tmp_path_factory.mktemp("idx")
    array = np.random.default_rng(1).integers(0, 256, (6, 3, 3))
    path = write_idx(folder / ("a.gz" if pack else "a"), array)
    raw = bytearray(path.read_bytes())
    at %= len(raw)
    header = 10 if pack else 0  # a packed file's own header holds a time and a name, not data
    if cut:
        raw = raw[:at]
    else:
        raw[at] ^= 0xFF
    path.write_bytes(raw)
    try:
        read = data.read_idx(path)
    except DataError as error:
        assert path.name in str(error)
    else:
        assert not cut
        if pack:
            assert at < header and np.array_equal(read, array)
        else:  # a plain file has no checksum of its own: only a pixel can change unnoticed
            assert at >= 16 and (read != array).sum() == 1


def test_a_header_that_claims_too_much_allocates_nothing(tmp_path):
    path = tmp_path / "huge"
    path.write_bytes(bytes([0, 0, 8, 3]) + struct.pack(">3I", *[2**32 - 1] * 3))
    with pytest.raises(DataError, match="expected"):
        data.read_idx(path)


@pytest.mark.parametrize("shape", [(0,), (0, 28, 28), (0, 2**32 - 1, 2**32 - 1)])
def test_an_empty_idx_file_is_named(tmp_path, shape):
    path = tmp_path / "empty"
    path.write_bytes(bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape))
    with pytest.raises(DataError, match="empty: got shape"):
        data.read_idx(path)


def test_every_truncation_and_every_spare_byte_is_found(tmp_path):
    array = np.random.default_rng(2).integers(0, 256, (3, 2, 2))
    for name in ("a", "a.gz"):
        path = write_idx(tmp_path / name, array)
        raw = path.read_bytes()
        assert np.array_equal(data.read_idx(path), array)
        for broken in (*(raw[:end] for end in range(len(raw))), raw + b"x"):
            path.write_bytes(broken)
            with pytest.raises(DataError, match=f"{name}: "):
                data.read_idx(path)


@given(st.lists(st.integers(0, 6), min_size=1), st.floats(0.2, 1.0))
def test_one_hot_targets_are_probabilities_that_name_the_label(labels, confidence):
    targets = data.one_hot(labels, classes=7, confidence=confidence, dtype="float64")
    assert targets.shape == (len(labels), 7) and np.allclose(targets.sum(1), 1)
    assert targets.argmax(1).tolist() == labels and np.allclose(targets.max(1), confidence)


def test_one_hot():
    soft = data.one_hot([2, 0], classes=3, confidence=0.9)
    assert np.allclose(soft, [[0.05, 0.05, 0.9], [0.9, 0.05, 0.05]])
    assert soft.dtype == np.float32
    for bad in ([3], [-1]):
        with pytest.raises(ArgumentError, match="labels"):
            data.one_hot(bad, classes=3)
    for bad in ([0.5], [[1]], ["a"], [[1], [1, 2]], [True], 3, None):
        with pytest.raises(ArgumentError, match="labels"):
            data.one_hot(bad)
    for bad in (0.1, 1.1, float("nan")):
        with pytest.raises(ArgumentError, match="confidence"):
            data.one_hot([1], confidence=bad)
    for bad in ("int64", "floaty", bool):  # whole numbers cannot hold 0.9
        with pytest.raises(ArgumentError, match="dtype"):
            data.one_hot([1], confidence=0.9, dtype=bad)


@given(
    st.sampled_from(["moons", "rings", "spirals", "blobs"]),
    st.integers(2, 300),
    st.integers(0, 1000),
)
def test_toy_classes(kind, samples, seed):
    x, y = data.toy_classes(kind, samples, noise=0.05, seed=seed)
    again, _ = data.toy_classes(kind, samples, noise=0.05, seed=seed)
    assert x.shape == (samples, 2) and x.dtype == np.float32 and np.array_equal(x, again)
    assert np.abs(x).max() < 2.5
    assert abs(int((y == 0).sum()) - int((y == 1).sum())) <= 1


def test_teachers():
    x, target, W = data.linear_teacher(50, 4, 2, seed=1)
    assert np.allclose(target, x @ W.T, atol=1e-6)
    x, target = data.student_teacher(50, (4, 9, 2), seed=1)
    assert x.shape == (50, 4) and target.shape == (50, 2)
    assert x.dtype == target.dtype == np.float32
    teacher = Network((4, 9, 2), "tanh", output="linear", seed=1)
    assert np.array_equal(target, teacher.predict(2 * x))
    best = x @ np.linalg.lstsq(x, target, rcond=None)[0]
    assert np.abs(best - target).max() > 0.05  # not a linear task
    with pytest.raises(ArgumentError, match="noise"):
        data.linear_teacher(noise=-1)
    with pytest.raises(ArgumentError, match="kind"):
        data.toy_classes("stars")
    for bad in (3, (4, 2), "abc", (4, 0, 2)):
        with pytest.raises(ArgumentError, match="sizes"):
            data.student_teacher(sizes=bad)


def test_download_checks_hashes(own_set, tmp_path):
    pytest.importorskip("pooch")
    served = tmp_path / "served"
    served.mkdir()
    known = {}
    for name in idx.OFFICIAL:
        raw = idx.read_bytes(idx.find(own_set, name))
        packed = gzip.compress(raw)
        (served / f"{name}.gz").write_bytes(packed)
        known[name] = hashlib.sha256(packed).hexdigest()
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(served))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        digits = data.download_mnist(tmp_path / "got", base_url=url, known=known)
        assert digits.x_train.shape == (7, 16)
        with pytest.raises(DataError, match=r"train-images-idx3-ubyte.gz.*hash"):
            data.download_mnist(tmp_path / "other", base_url=url)
        assert not list((tmp_path / "other").glob("*ubyte*"))  # nothing wrong is kept
        with pytest.raises(DataError, match="nowhere/train-images-idx3-ubyte"):
            data.download_mnist(tmp_path / "other", base_url=f"{url}/nowhere", known=known)
        server.shutdown()


def test_download_expects_the_archives_as_first_published(mnist, tmp_path):
    """The mirror's own sums, which several projects pin; not those of a copy packed anew."""
    begin = {"440fcabf73cc", "3552534a0a55", "8d422c7b0a1c", "f7ae60f92e00"}
    assert {sum_[:12] for sum_ in download.PACKED.values()} == begin
    pytest.importorskip("pooch")
    # Files that are there and right, however packed, are not asked for: nobody listens here.
    digits = data.download_mnist(mnist, base_url="http://127.0.0.1:9")
    assert len(digits.x_train) == 60_000


def test_download_without_pooch_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(ImportError, match=r'pip install "hebblite\[data\]"'):
        data.download_mnist(tmp_path)
