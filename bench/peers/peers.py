"""The step of bench/ as a Python user would write it: NumPy, PyTorch and Numba, each where it is installed.

    python3 peers.py CASES

CASES has one line a case: FILE ACTIVATION PRECISION CELLS NETWORKS EPOCHS LR. FILE holds, in that precision, the starting
weights w[9][NETWORKS][CELLS] of 2-2-1 networks (network 0 of a cell is its parent) and the expected mean distances
[EPOCHS][CELLS]. Prints one line a case and peer: name,activation,precision,best_ns,median_ns,spread,residual,note with
nanoseconds a network-step, or "missing,name,reason". One thread each.

All networks of all cells are one batch: every weight is an array, and the arithmetic is written out over the arrays,
which for such small networks is faster than batched matrix products (that form is timed too, where a library has it; the
faster one counts)."""
import os
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[variable] = "1"

XOR = ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0))
SECONDS = 1.0


def array_functions(xp, exp, tanh, maximum):
    """f(z), and d * f'(z) from a = f(z), over arrays."""
    return {
        "linear": (lambda z: z, lambda a, d: d),
        "sigmoid": (lambda z: 1 / (1 + exp(-z)), lambda a, d: d * (a * (1 - a))),
        "tanh": (tanh, lambda a, d: d * (1 - a * a)),
        "relu": (maximum, lambda a, d: d * (a > 0)),
    }


def array_step(w, x0, x1, y, f, df, step, total):
    """One update in place of w[9][networks][cells]; x0, x1, y are [samples][1][1]."""
    w00, w01, w10, w11, b0, b1, v0, v1, c = w
    h0 = f(x0 * w00 + x1 * w10 + b0)
    h1 = f(x0 * w01 + x1 * w11 + b1)
    out = f(h0 * v0 + h1 * v1 + c)
    d = df(out, out - y)
    d0 = df(h0, d * v0)
    d1 = df(h1, d * v1)
    gradients = (total(x0 * d0), total(x0 * d1), total(x1 * d0), total(x1 * d1), total(d0), total(d1),
                 total(d * h0), total(d * h1), total(d))
    for weight, gradient in zip(w, gradients):
        weight -= step * gradient


def numpy_runner(case, start):
    import numpy as np

    f, df = array_functions(np, np.exp, np.tanh, lambda z: np.maximum(z, 0))[case.activation]
    x0, x1, y = (np.array(column, case.dtype).reshape(4, 1, 1) for column in zip(*XOR))
    step = case.dtype(case.lr * 2 / 4)

    def run():
        w = [a.copy() for a in start]
        distances = []
        for _ in range(case.epochs):
            array_step(w, x0, x1, y, f, df, step, lambda a: a.sum(0))
            squares = sum((a[1:] - a[:1]) ** 2 for a in w)
            distances.append(np.sqrt(squares).mean(0))
        return np.array(distances)

    features = getattr(getattr(np, "core", np), "_multiarray_umath").__cpu_features__
    width = next((name for name in ("AVX512F", "AVX2", "ASIMD") if features.get(name)), "baseline")
    return [("arrays", run)], f"NumPy {np.__version__} {width}"


def torch_runner(case, start):
    import torch

    torch.set_num_threads(1)
    functions = array_functions(torch, torch.exp, torch.tanh, torch.relu)
    functions["sigmoid"] = (torch.sigmoid, functions["sigmoid"][1])
    f, df = functions[case.activation]
    kind = torch.float32 if case.precision == "float32" else torch.float64
    x0, x1, y = (torch.tensor(column, dtype=kind).reshape(4, 1, 1) for column in zip(*XOR))
    step = case.lr * 2 / 4
    first = torch.from_numpy(start)

    def arrays():
        w = list(first.clone())
        distances = []
        with torch.inference_mode():
            for _ in range(case.epochs):
                array_step(w, x0, x1, y, f, df, step, lambda a: a.sum(0))
                squares = sum((a[1:] - a[:1]) ** 2 for a in w)
                distances.append(squares.sqrt().mean(0))
        return torch.stack(distances).numpy()

    networks = case.networks * case.cells
    x = torch.tensor([row[:2] for row in XOR], dtype=kind).expand(networks, 4, 2)
    target = y.reshape(1, 4, 1)

    def products():
        flat = first.reshape(9, networks)
        w1, b1 = flat[:4].T.reshape(-1, 2, 2).clone(), flat[4:6].T.reshape(-1, 1, 2).clone()
        w2, b2 = flat[6:8].T.reshape(-1, 2, 1).clone(), flat[8:].T.reshape(-1, 1, 1).clone()
        distances = []
        with torch.inference_mode():
            for _ in range(case.epochs):
                h = f(torch.baddbmm(b1, x, w1))
                out = f(torch.baddbmm(b2, h, w2))
                d = df(out, out - target)
                back = df(h, torch.bmm(d, w2.transpose(1, 2)))
                w2 -= step * torch.bmm(h.transpose(1, 2), d)
                b2 -= step * d.sum(1, keepdim=True)
                w1 -= step * torch.bmm(x.transpose(1, 2), back)
                b1 -= step * back.sum(1, keepdim=True)
                squares = 0
                for a in (w1, b1, w2, b2):
                    a = a.reshape(case.networks, case.cells, -1)
                    squares = squares + ((a[1:] - a[:1]) ** 2).sum(2)
                distances.append(squares.sqrt().mean(0))
        return torch.stack(distances).numpy()

    width = [line.split()[-1] for line in torch.__config__.show().split("\n") if "CPU capability" in line]
    return [("arrays", arrays), ("products", products)], " ".join(["PyTorch", torch.__version__] + width)


def numba_runner(case, start):
    import math

    import numba
    import numpy as np

    jit = numba.njit(fastmath=True, inline="always")
    f, df = {
        "linear": (lambda z: z, lambda a, d: d),
        "sigmoid": (lambda z: 1 / (1 + math.exp(-z)), lambda a, d: d * (a * (1 - a))),
        "tanh": (lambda z: math.tanh(z), lambda a, d: d * (1 - a * a)),
        "relu": (lambda z: z if z > 0 else z * 0, lambda a, d: d if a > 0 else d * 0),
    }[case.activation]
    f, df = jit(f), jit(df)
    step, epochs, width = case.dtype(case.lr * 2 / 4), case.epochs, min(32, case.cells)
    zero, n = case.dtype(0), case.networks * width
    x, y = np.array([row[:2] for row in XOR], case.dtype), np.array([row[2] for row in XOR], case.dtype)

    @numba.njit(fastmath=True)
    def update(w, x, y):
        """One step of n networks side by side. n is a constant, so that the compiler sees rows that do not overlap."""
        a0, a1, a2, a3 = x[0, 0], x[1, 0], x[2, 0], x[3, 0]
        b0, b1, b2, b3 = x[0, 1], x[1, 1], x[2, 1], x[3, 1]
        t0, t1, t2, t3 = y[0], y[1], y[2], y[3]
        for i in range(n):
            w00, w01, w10, w11, c0, c1 = w[i], w[n + i], w[2 * n + i], w[3 * n + i], w[4 * n + i], w[5 * n + i]
            v0, v1, c = w[6 * n + i], w[7 * n + i], w[8 * n + i]
            h00, h01 = f(a0 * w00 + b0 * w10 + c0), f(a0 * w01 + b0 * w11 + c1)
            h10, h11 = f(a1 * w00 + b1 * w10 + c0), f(a1 * w01 + b1 * w11 + c1)
            h20, h21 = f(a2 * w00 + b2 * w10 + c0), f(a2 * w01 + b2 * w11 + c1)
            h30, h31 = f(a3 * w00 + b3 * w10 + c0), f(a3 * w01 + b3 * w11 + c1)
            y0, y1 = f(h00 * v0 + h01 * v1 + c), f(h10 * v0 + h11 * v1 + c)
            y2, y3 = f(h20 * v0 + h21 * v1 + c), f(h30 * v0 + h31 * v1 + c)
            d0, d1, d2, d3 = df(y0, y0 - t0), df(y1, y1 - t1), df(y2, y2 - t2), df(y3, y3 - t3)
            e00, e01 = df(h00, d0 * v0), df(h01, d0 * v1)
            e10, e11 = df(h10, d1 * v0), df(h11, d1 * v1)
            e20, e21 = df(h20, d2 * v0), df(h21, d2 * v1)
            e30, e31 = df(h30, d3 * v0), df(h31, d3 * v1)
            w[i] = w00 - step * (a0 * e00 + a1 * e10 + a2 * e20 + a3 * e30)
            w[n + i] = w01 - step * (a0 * e01 + a1 * e11 + a2 * e21 + a3 * e31)
            w[2 * n + i] = w10 - step * (b0 * e00 + b1 * e10 + b2 * e20 + b3 * e30)
            w[3 * n + i] = w11 - step * (b0 * e01 + b1 * e11 + b2 * e21 + b3 * e31)
            w[4 * n + i] = c0 - step * (e00 + e10 + e20 + e30)
            w[5 * n + i] = c1 - step * (e01 + e11 + e21 + e31)
            w[6 * n + i] = v0 - step * (d0 * h00 + d1 * h10 + d2 * h20 + d3 * h30)
            w[7 * n + i] = v1 - step * (d0 * h01 + d1 * h11 + d2 * h21 + d3 * h31)
            w[8 * n + i] = c - step * (d0 + d1 + d2 + d3)

    @numba.njit(fastmath=True)
    def train(start, x, y, distances):
        """Blocks of cells that stay in the first-level cache, each through all epochs."""
        networks, cells = start.shape[1], start.shape[2]
        for first in range(0, cells, width):
            flat = start[:, :, first:first + width].copy().ravel()
            block = flat.reshape(9, networks, width)
            for t in range(epochs):
                update(flat, x, y)
                for i in range(width):
                    distances[t, first + i] = zero
                for k in range(1, networks):
                    for i in range(width):
                        squares = zero
                        for p in range(9):
                            off = block[p, k, i] - block[p, 0, i]
                            squares += off * off
                        distances[t, first + i] += math.sqrt(squares)
            for t in range(epochs):
                for i in range(width):
                    distances[t, first + i] /= networks - 1

    def run():
        distances = np.empty((epochs, start.shape[2]), start.dtype)
        train(start, x, y, distances)
        return distances

    import llvmlite.binding as llvm

    return [("compiled", run)], f"Numba {numba.__version__} {llvm.get_host_cpu_name()}"


RUNNERS = {"numpy": numpy_runner, "torch": torch_runner, "numba": numba_runner}


class Case:
    def __init__(self, line):
        import numpy as np

        path, self.activation, self.precision, cells, networks, epochs, lr = line.rsplit(maxsplit=6)
        self.cells, self.networks, self.epochs, self.lr = int(cells), int(networks), int(epochs), float(lr)
        self.dtype = np.float32 if self.precision == "float32" else np.float64
        numbers = np.fromfile(path, self.dtype)
        weights = 9 * self.networks * self.cells
        self.start = numbers[:weights].reshape(9, self.networks, self.cells)
        self.expected = numbers[weights:].reshape(self.epochs, self.cells)


def measure(run):
    """Seconds a call: best, median, spread (third less first quartile over the median)."""
    times, end = [], time.perf_counter() + SECONDS
    while len(times) < 5 or (time.perf_counter() < end and len(times) < 101):
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    times.sort()
    n = len(times)
    return times[0], times[n // 2], (times[3 * n // 4] - times[n // 4]) / times[n // 2]


def main(cases_path):
    try:
        import numpy as np
    except ImportError as error:
        for name in RUNNERS:
            print(f"missing,{name},{error}")
        return
    with open(cases_path) as file:
        cases = [Case(line) for line in file]
    for name, runner in RUNNERS.items():
        try:
            for case in cases:
                forms, version = runner(case, case.start)
                best = None
                for form, run in forms:
                    residual = float(np.max(np.abs(run() - case.expected) / case.expected))
                    times = measure(run)
                    if best is None or times[0] < best[0]:
                        best = (*times, residual, form)
                scale = 1e9 / (case.cells * case.networks * case.epochs)
                print(f"{name},{case.activation},{case.precision},{best[0] * scale:.6g},{best[1] * scale:.6g},"
                      f"{best[2]:.4g},{best[3]:.3g},{version}; {best[4]}", flush=True)
        except ImportError as error:
            print(f"missing,{name},{error}", flush=True)
        except Exception as error:  # a peer that breaks costs its own rows alone
            print(f"missing,{name},{type(error).__name__}: {error}".split("\n")[0], flush=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        SECONDS = float(sys.argv[2])
    main(sys.argv[1])
