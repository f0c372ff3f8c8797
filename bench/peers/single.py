"""Gradient descent on one network with PyTorch, for bench/single_torch.c, which talks to this program over pipes.

    python3 single.py THREADS

One command a line on the standard input, one answer a line on the standard output:

    load FILE KIND GROUP INPUTS HIDDEN OUTPUTS SAMPLES COUNT PRECISION STEP QR_EVERY CHECKED
        GROUP: plain, a product for each network or direction; or stacked, their first layers side by side in one.
        FILE holds float64 numbers: x [samples][inputs], y [samples][outputs], and what begins and is expected:
        KIND neighbours: weights [COUNT][parameters], the parent first; the mean distances [CHECKED] after each of CHECKED
        steps, and the parent's weights then. KIND tangents: weights [parameters]; directions [COUNT][parameters], not yet
        orthonormal; ln of the lengths taken off each of them in CHECKED steps [COUNT], and the loss before the last step.
        Answers "form NAME RESIDUAL STATE_RESIDUAL" for every way of writing it, then "loaded VERSION".
    choose GROUP NAME,NAME STEPS   the fastest of these, "chosen NAME"
    run GROUP NAME STEPS           the seconds of so many steps from the beginning, "took SECONDS"

The network has two tanh layers, mean squared error, and one matrix of parameters in the project's order. A step multiplies the
gradient of half the sum of squares by STEP."""
import math
import sys
import time

import torch

THREADS = int(sys.argv[1])
torch.set_num_threads(THREADS)
# One thread: the CPU's time, as single_job.c takes it, which other programs on the machine do not lengthen.
CLOCK = time.process_time if THREADS == 1 else time.perf_counter


class Case:
    def __init__(self, path, kind, group, inputs, hidden, outputs, samples, count, precision, step, qr_every, checked):
        self.kind, self.group = kind, group
        self.step, self.qr_every, self.count = float(step), int(qr_every), int(count)
        self.inputs, self.hidden, self.outputs = int(inputs), int(hidden), int(outputs)
        self.samples, self.checked = int(samples), int(checked)
        self.type = torch.float32 if precision == "float32" else torch.float64
        with open(path, "rb") as file:
            numbers = torch.frombuffer(bytearray(file.read()), dtype=torch.float64)
        self.parameters = (self.inputs + 1) * self.hidden + (self.hidden + 1) * self.outputs
        self.at = 0

        def take(*shape):
            size = math.prod(shape)
            self.at += size
            return numbers[self.at - size:self.at].reshape(shape)

        self.x = take(self.samples, self.inputs).to(self.type).contiguous()
        self.y = take(self.samples, self.outputs).to(self.type).contiguous()
        networks = self.count if kind == "neighbours" else 1
        self.w = take(networks, self.parameters).to(self.type)
        if kind == "tangents":
            self.v = take(self.count, self.parameters).to(self.type)
        self.expected = take(self.checked if kind == "neighbours" else self.count)
        self.state = take(self.parameters) if kind == "neighbours" else take(1)

    def layers(self, flat):
        """Views w1 [inputs][hidden], b1, w2 [hidden][outputs], b2 of parameters in the project's order."""
        i, h, o = self.inputs, self.hidden, self.outputs
        end = (i + 1) * h
        return flat[:i * h].view(i, h), flat[i * h:end], flat[end:end + h * o].view(h, o), flat[end + h * o:]


# Neighbours: (mean distances, the parent's weights). Each network alone, or all of them in one product.


def distances_of(w):
    return (w[1:] - w[:1]).square().sum(1).sqrt().mean()


def loop_autograd(case, steps):
    w = case.w.clone()
    nets = [[p.requires_grad_() for p in case.layers(row)] for row in w]
    found = []
    for _ in range(steps):
        for w1, b1, w2, b2 in nets:
            out = torch.tanh(torch.addmm(b2, torch.tanh(torch.addmm(b1, case.x, w1)), w2))
            loss = 0.5 * (out - case.y).square().sum()
            gradients = torch.autograd.grad(loss, (w1, b1, w2, b2))
            with torch.no_grad():
                for p, g in zip((w1, b1, w2, b2), gradients):
                    p.sub_(g, alpha=case.step)
        with torch.no_grad():
            found.append(distances_of(w.detach()))
    return torch.stack(found), w.detach()[0]


@torch.inference_mode()
def loop_by_hand(case, steps):
    w = case.w.clone()
    nets = [case.layers(row) for row in w]
    xt, found = case.x.t(), []
    for _ in range(steps):
        for w1, b1, w2, b2 in nets:
            a = torch.tanh(torch.addmm(b1, case.x, w1))
            z = torch.tanh(torch.addmm(b2, a, w2))
            e = (z - case.y) * (1 - z * z)
            d = torch.mm(e, w2.t()) * (1 - a * a)
            w2.addmm_(a.t(), e, alpha=-case.step)
            b2.sub_(e.sum(0), alpha=case.step)
            w1.addmm_(xt, d, alpha=-case.step)
            b1.sub_(d.sum(0), alpha=case.step)
        found.append(distances_of(w))
    return torch.stack(found), w[0]


@torch.inference_mode()
def loop_in_place(case, steps):
    w = case.w.clone()
    nets = [case.layers(row) for row in w]
    like = dict(dtype=case.type)
    a, d, t = (torch.empty(case.samples, case.hidden, **like) for _ in range(3))
    z, e, u = (torch.empty(case.samples, case.outputs, **like) for _ in range(3))
    xt, at, found = case.x.t(), a.t(), []
    for _ in range(steps):
        for w1, b1, w2, b2 in nets:
            torch.addmm(b1, case.x, w1, out=a)
            torch.tanh(a, out=a)
            torch.addmm(b2, a, w2, out=z)
            torch.tanh(z, out=z)
            torch.sub(z, case.y, out=e)
            torch.mul(e, z, out=u)
            e.addcmul_(u, z, value=-1)
            torch.mm(e, w2.t(), out=d)
            torch.mul(d, a, out=t)
            d.addcmul_(t, a, value=-1)
            w2.addmm_(at, e, alpha=-case.step)
            b2.sub_(e.sum(0), alpha=case.step)
            w1.addmm_(xt, d, alpha=-case.step)
            b1.sub_(d.sum(0), alpha=case.step)
        found.append(distances_of(w))
    return torch.stack(found), w[0]


@torch.inference_mode()
def side_by_side(case, steps):
    """The first layers of all networks as one matrix, the second as a batch."""
    n, i, h, o = len(case.w), case.inputs, case.hidden, case.outputs
    each = [case.layers(row) for row in case.w]
    w1 = torch.cat([net[0] for net in each], 1).contiguous()
    b1 = torch.cat([net[1] for net in each])
    w2 = torch.stack([net[2] for net in each])
    b2 = torch.stack([net[3] for net in each]).unsqueeze(1)
    xt, found = case.x.t(), []
    for _ in range(steps):
        a = torch.addmm(b1, case.x, w1).tanh_()
        rows = a.view(-1, n, h).transpose(0, 1)
        z = torch.baddbmm(b2, rows, w2).tanh_()
        e = (z - case.y) * (1 - z * z)
        d = torch.bmm(e, w2.transpose(1, 2)).transpose(0, 1).reshape(-1, n * h)
        d.addcmul_(d * a, a, value=-1)
        w2.baddbmm_(rows.transpose(1, 2), e, alpha=-case.step)
        b2.sub_(e.sum(1, keepdim=True), alpha=case.step)
        w1.addmm_(xt, d, alpha=-case.step)
        b1.sub_(d.sum(0), alpha=case.step)
        squares = (w1.view(i, n, h) - w1.view(i, n, h)[:, :1]).square().sum((0, 2))
        squares += (b1.view(n, h) - b1.view(n, h)[:1]).square().sum(1)
        squares += (w2 - w2[:1]).square().sum((1, 2)) + (b2 - b2[:1]).square().sum((1, 2))
        found.append(squares[1:].sqrt().mean())
    parent = torch.cat([w1[:, :h].reshape(-1), b1[:h], w2[0].reshape(-1), b2[0, 0]])
    return torch.stack(found), parent


# Tangents: (ln of the lengths taken off, the loss before the last step).


def take_lengths(v, logs):
    """Orthonormalises the rows of v [directions][parameters] in place, through the Cholesky factor of their products."""
    if len(v) == 1:
        length = v.norm()
        v /= length
        logs += length.log()
        return
    factor = torch.linalg.cholesky(v @ v.t())
    v.copy_(torch.linalg.solve_triangular(factor, v, upper=False))
    logs += factor.diagonal().log()


def due(case, t, steps):
    return (t + 1) % case.qr_every == 0 or t + 1 == steps


def half_loss(case, w1, b1, w2, b2):
    out = torch.tanh(torch.addmm(b2, torch.tanh(torch.addmm(b1, case.x, w1)), w2))
    return 0.5 * (out - case.y).square().sum()


def begin(case):
    v = case.v.clone()
    ignored = torch.zeros(len(v), dtype=case.type)
    take_lengths(v, ignored)
    return case.w[0].clone(), v, torch.zeros(len(v), dtype=case.type)


def double_backward(case, steps):
    w, v, logs = begin(case)
    loss = None
    for t in range(steps):
        leaf = w.requires_grad_()
        loss = half_loss(case, *case.layers(leaf))
        g = torch.autograd.grad(loss, leaf, create_graph=True)[0]
        products = [torch.autograd.grad(g, leaf, row, retain_graph=k + 1 < len(v))[0] for k, row in enumerate(v)]
        with torch.no_grad():
            for row, product in zip(v, products):
                row.sub_(product, alpha=case.step)
            w = leaf.detach().sub_(g.detach(), alpha=case.step)
            if due(case, t, steps):
                take_lengths(v, logs)
    return logs, loss.detach() * 2 / case.y.numel()


def forward_mode(case, steps):
    """Dual numbers through the gradient written by hand."""
    import torch.autograd.forward_ad as dual

    w, v, logs = begin(case)
    loss = None
    with torch.no_grad():
        for t in range(steps):
            products = []
            for row in v:
                with dual.dual_level():
                    w1, b1, w2, b2 = case.layers(dual.make_dual(w, row))
                    a = torch.tanh(torch.addmm(b1, case.x, w1))
                    z = torch.tanh(torch.addmm(b2, a, w2))
                    off = z - case.y
                    e = off * (1 - z * z)
                    d = torch.mm(e, w2.t()) * (1 - a * a)
                    parts = [torch.mm(case.x.t(), d), d.sum(0), torch.mm(a.t(), e), e.sum(0)]
                    pairs = [dual.unpack_dual(part) for part in parts]
                    off = dual.unpack_dual(off).primal
                    products.append(torch.cat([pair.tangent.reshape(-1) for pair in pairs]))
                    gradient = torch.cat([pair.primal.reshape(-1) for pair in pairs])
            loss = off.square().sum()
            w.sub_(gradient, alpha=case.step)
            for row, product in zip(v, products):
                row.sub_(product, alpha=case.step)
            if due(case, t, steps):
                take_lengths(v, logs)
    return logs, loss / case.y.numel()


@torch.inference_mode()
def r_operator_loop(case, steps):
    """Pearlmutter's R-operator by hand, a product a direction and layer."""
    w, v, logs = begin(case)
    w1, b1, w2, b2 = case.layers(w)
    directions = [case.layers(row) for row in v]
    x, xt, step, off = case.x, case.x.t(), case.step, None
    for t in range(steps):
        a = torch.addmm(b1, x, w1).tanh_()
        slope = 1 - a * a
        z = torch.addmm(b2, a, w2).tanh_()
        slope2 = 1 - z * z
        off = z - case.y
        e = off * slope2
        back = torch.mm(e, w2.t())
        curve = back * a * -2
        curve2 = slope2 - 2 * off * z
        for v1, c1, v2, c2 in directions:
            ra = torch.addmm(c1, x, v1).mul_(slope)
            rz = torch.addmm(c2, a, v2).addmm_(ra, w2).mul_(slope2)
            re = rz.mul_(curve2)
            rd = torch.mm(re, w2.t()).addmm_(e, v2.t()).mul_(slope).addcmul_(curve, ra)
            v2.addmm_(a.t(), re, alpha=-step).addmm_(ra.t(), e, alpha=-step)
            c2.sub_(re.sum(0), alpha=step)
            v1.addmm_(xt, rd, alpha=-step)
            c1.sub_(rd.sum(0), alpha=step)
        d = back.mul_(slope)
        w2.addmm_(a.t(), e, alpha=-step)
        b2.sub_(e.sum(0), alpha=step)
        w1.addmm_(xt, d, alpha=-step)
        b1.sub_(d.sum(0), alpha=step)
        if due(case, t, steps):
            take_lengths(v, logs)
    return logs, off.square().mean()


@torch.inference_mode()
def r_operator_stacked(case, steps):
    """The same with the first layers of weights and directions side by side in one product each way."""
    w, v, logs = begin(case)
    n, s, i, h, o = len(v), case.samples, case.inputs, case.hidden, case.outputs
    w1, b1, w2, b2 = case.layers(w)
    views = [case.layers(row) for row in v]
    wide = torch.cat([w1] + [d[0] for d in views], 1).contiguous()
    bias = torch.cat([b1] + [d[1] for d in views])
    v2 = torch.stack([d[2] for d in views], 1).contiguous()  # [hidden][directions][outputs]
    c2 = torch.stack([d[3] for d in views])
    x, xt, step, off = case.x, case.x.t(), case.step, None
    everything = torch.empty(s, (1 + n) * h, dtype=case.type)
    deltas = torch.empty_like(everything)
    a, rz1 = everything[:, :h], everything[:, h:].view(s, n, h)
    d, rd = deltas[:, :h], deltas[:, h:].view(s, n, h)
    for t in range(steps):
        torch.addmm(bias, x, wide, out=everything)
        a.tanh_()
        slope = 1 - a * a
        ra = rz1.mul_(slope.unsqueeze(1))
        z = torch.addmm(b2, a, w2).tanh_()
        slope2 = 1 - z * z
        off = z - case.y
        e = off * slope2
        rows = ra.reshape(s * n, h)
        re = torch.mm(a, v2.view(h, n * o)).view(s, n, o).add_(c2).add_(torch.mm(rows, w2).view(s, n, o))
        re.mul_((slope2 * (slope2 - 2 * off * z)).unsqueeze(1))
        back = torch.mm(e, w2.t())
        torch.mul(back, slope, out=d)
        turned = torch.mm(re.view(s * n, o), w2.t()).view(s, n, h)
        turned.add_(torch.mm(e, v2.permute(2, 1, 0).reshape(o, n * h)).view(s, n, h))
        torch.mul(turned, slope.unsqueeze(1), out=rd)
        rd.addcmul_((back * a).unsqueeze(1), ra, value=-2)
        v2.view(h, n * o).addmm_(a.t(), re.view(s, n * o), alpha=-step)
        v2.sub_(torch.mm(everything[:, h:].t(), e).view(n, h, o).transpose(0, 1), alpha=step)
        c2.sub_(re.sum(0), alpha=step)
        w2.addmm_(a.t(), e, alpha=-step)
        b2.sub_(e.sum(0), alpha=step)
        wide.addmm_(xt, deltas, alpha=-step)
        bias.sub_(deltas.sum(0), alpha=step)
        if not due(case, t, steps):
            continue
        if n == 1:
            parts = (wide[:, h:], bias[h:], v2, c2)
            length = torch.stack([part.norm() for part in parts]).norm()
            for part in parts:
                part /= length
            logs += length.log()
            continue
        for k, (v1, c1, second, c) in enumerate(views):
            v1.copy_(wide[:, (1 + k) * h:(2 + k) * h])
            c1.copy_(bias[(1 + k) * h:(2 + k) * h])
            second.copy_(v2[:, k])
            c.copy_(c2[k])
        take_lengths(v, logs)
        for k, (v1, c1, second, c) in enumerate(views):
            wide[:, (1 + k) * h:(2 + k) * h] = v1
            bias[(1 + k) * h:(2 + k) * h] = c1
            v2[:, k] = second
            c2[k] = c
    return logs, off.square().mean()


FORMS = {
    ("neighbours", "plain"): {"autograd": loop_autograd, "by-hand": loop_by_hand, "in-place": loop_in_place},
    ("neighbours", "stacked"): {"side-by-side": side_by_side},
    ("tangents", "plain"): {"double-backward": double_backward, "forward-mode": forward_mode,
                            "R-operator": r_operator_loop},
    ("tangents", "stacked"): {"R-operator": r_operator_stacked},
}


def residuals(case, form):
    """Neighbours: relative, of the distances and of the parent's weights (over the largest). Tangents: nats a step, and
    relative of the loss."""
    found, state = (part.double() for part in form(case, case.checked))
    if case.kind == "neighbours":
        return (((found - case.expected) / case.expected).abs().max().item(),
                ((state - case.state).abs().max() / case.state.abs().max()).item())
    return ((found - case.expected).abs().max().item() / case.checked,
            ((state - case.state).abs() / case.state.abs()).max().item())


def seconds(case, form, steps):
    begin_time = CLOCK()
    form(case, steps)
    return CLOCK() - begin_time


def say(*words):
    print(*words, flush=True)


def main():
    cases = {}  # the last of each group
    for line in sys.stdin:
        words = line.split()
        try:
            if words[0] == "load":
                cases.pop(words[3], None)
                case = cases[words[3]] = Case(*words[1:])
                for name, form in FORMS[case.kind, case.group].items():
                    try:
                        say("form", name, *(f"{value:.3e}" for value in residuals(case, form)))
                    except Exception as error:  # a form that this version lacks costs itself alone
                        say("lacks", name, type(error).__name__)
                width = [row.split()[-1] for row in torch.__config__.show().split("\n") if "CPU capability" in row]
                say("loaded PyTorch", torch.__version__, *width)
            elif words[0] == "choose":
                case, steps = cases[words[1]], int(words[3])
                forms = FORMS[case.kind, case.group]
                say("chosen", min(words[2].split(","),
                                  key=lambda name: min(seconds(case, forms[name], steps) for _ in range(6))))
            elif words[0] == "run":
                case = cases[words[1]]
                say("took", f"{seconds(case, FORMS[case.kind, case.group][words[2]], int(words[3])):.9f}")
        except Exception as error:
            say("failed", f"{type(error).__name__}: {error}".split("\n")[0])


if __name__ == "__main__":
    main()
