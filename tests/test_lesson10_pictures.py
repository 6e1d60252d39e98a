"""Lesson 10's pictures: true words, axes that stay, labels with room, films with the same parts."""

from __future__ import annotations

import itertools
import re
from functools import cache
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hebblite.data import load_digits, one_hot
from hebblite.errors import ArgumentError
from hebblite.frameworks import DendriticMicrocircuit
from hebblite.network import Network
from hebblite.stream import Record, fold
from hebblite.lessons.lesson10.pictures import circuit, hero, phase
from hebblite.teaching.placing import Box, clashes, text_box
from hebblite.teaching.player import differences


@cache
def setting():
    """A small network, a digit and its target."""
    digits = load_digits()
    net = Network([784, 40, 30, 10], hidden="tanh", output="linear", seed=1, dtype=np.float64)
    target = one_hot(digits.y_test[:4], 10, confidence=0.9)
    return net, digits.x_test[:4].astype(float), target, digits.y_test[:4]


def silent_rows(rows, count):
    """A course with its first row, the state of rest without a teacher, repeated in front."""
    return np.concatenate([np.repeat(rows[:1], count, axis=0), rows])


def recorded(deb, which=0):
    net, x, target, _ = setting()
    return fold(deb.teach(net, x[which : which + 1], target[which : which + 1]), Record())[0]


@cache
def one_phase(layer=2, before=10):
    """A phase as ``draw_phase`` wants it, with the interneuron's potential by the engine's line."""
    net, x, _, labels = setting()
    deb = DendriticMicrocircuit(steps=50)
    block, l = recorded(deb), layer - 1
    v_A = block.apical[l][:, 0] * (deb.g_lk + deb.g_B + deb.g_A) / deb.g_A
    j = int(np.abs(v_A[-1]).argmax())
    k = int(
        np.abs(
            net.weights[layer][:, j]
            * (block.rates[layer + 1][-1, 0] - block.rates[layer + 1][0, 0])
        ).argmax()
    )
    above, b_above = block.voltages[layer][:, 0], block.basal[layer][:, 0]
    i = [above[0]]
    k_I = deb.g_I / (deb.g_lk + deb.g_D)
    h_I = deb.dt / deb.tau * (deb.g_lk + deb.g_D) / (deb.g_lk + deb.g_B + deb.g_A)
    for t in range(1, len(above)):
        i.append(i[-1] + h_I * (k_I * (above[t] - i[-1]) + b_above[t] - i[-1]))
    i = np.array(i)
    phi = net.activations[layer]
    replayed = (phi.rate(above) - phi.rate(i)) @ net.weights[layer]
    np.testing.assert_allclose(replayed[:-1], v_A[1:], atol=1e-12)  # of the step that led there
    courses = {
        "v_A": v_A[:, j], "b": block.basal[l][:, 0, j], "v": block.voltages[l][:, 0, j],
        "r": block.rates[layer][:, 0, j], "i": i[:, k], "v_above": above[:, k],
    }  # fmt: skip
    made = {name: silent_rows(rows, before) for name, rows in courses.items()}
    time = np.concatenate([deb.dt * np.arange(-before, 0), block.time])
    return made | {
        "time": time, "image": x[0], "label": int(labels[0]), "layer": layer, "neuron": j, "above": k,
    }  # fmt: skip


@cache
def both():
    """The apical voltages of twelve neurons before and after lateral learning."""
    net, x, _, _ = setting()
    made = {}
    for name, rounds in (("before", 1), ("after", 500)):
        deb = DendriticMicrocircuit(steps=50, lateral="learned")
        deb.learn_lateral(net, load_digits().x_train[:500].astype(float), 0.5, rounds, 16)
        v_A = recorded(deb).apical[1][1:, 0, :12] * 1.9 / 0.8
        made[name] = {"time": 1e-3 * np.arange(-10, len(v_A)), "v_A": silent_rows(v_A, 10)}
    return made
