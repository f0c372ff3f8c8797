load "style.gp"

# The pixels of map.npy as a picture; a logarithmic axis is laid out over log10 of its values. Undefined pixels are black.
if (strstrt(terminals, " png ") > 0) { png_terminal = "set terminal png truecolor size 1240,1060 font 'sans,16'" }
if (strstrt(terminals, " pngcairo ") > 0) { png_terminal = "set terminal pngcairo size 1240,1060 font 'sans,17' linewidth 1.5" }
svg_terminal = "set terminal svg size 930,795 font 'sans-serif,15' background '#ffffff' linewidth 1.2"
edge(v, logarithmic) = logarithmic ? log10(1.0 * v) : 1.0 * v
x0 = edge(x_low, x_logarithmic)
x1 = edge(x_high, x_logarithmic)
y0 = edge(y_low, y_logarithmic)
y1 = edge(y_high, y_logarithmic)
ticks(name, low, high, logarithmic) = sprintf("set %srange [%.17g:%.17g]; set %stics %.10g; set format %s '%s'", name, low, high, \
    name, step_of(low, high, 4) < 1 || !logarithmic ? step_of(low, high, 4) : ceil(step_of(low, high, 4)), name, logarithmic ? "10^{%g}" : "%g")
# Within a decade the numbers themselves stand at their logarithms.
tick_at(v) = sprintf(", '%.4g' %.17g", v, log10(v))

red_blue = "set palette defined (-1 '#053061', -0.6 '#2166AC', -0.25 '#92C5DE', 0 '#F7F7F7', 0.25 '#F4A582', 0.6 '#B2182B', 1 '#67001F')"
dark_bright = "set palette defined (0 '#0D0887', 0.25 '#7E03A8', 0.5 '#CC4778', 0.75 '#F89540', 1 '#F0F921')"
# neutral, converging, transient, chaotic, dead, diverged, still, periodic, unbounded, undecided
regimes = "set palette maxcolors 10 defined (0 '#BBBBBB', 1 '#0072B2', 2 '#56B4E9', 3 '#D55E00', 4 '#222222', 5 '#F0E442', 6 '#003A5D', 7 '#009E73', 8 '#CC79A7', 9 '#FFFFFF'); set cbrange [-0.5:9.5]; set cbtics ('neutral' 0, 'converging' 1, 'transient' 2, 'chaotic' 3, 'dead' 4, 'diverged' 5, 'still' 6, 'periodic' 7, 'unbounded' 8, 'undecided' 9)"

# A root keeps the small exponents apart; diverged pixels are infinite and stay black.
root(v) = v < 0 ? -sqrt(-v) : sqrt(v)
shown(v) = v > 1e300 ? NaN : show eq "exponent" ? root(v) : show eq "loss" ? (v > 0 ? log10(v) : NaN) : v
label = show eq "exponent" ? "largest exponent (nats/step)" : show eq "loss" ? "final loss" : show eq "steps" ? "steps to the target loss" : "regime"
if (show eq "exponent") {
    eval(red_blue)
    set cbrange [-root(exponent_scale):root(exponent_scale)]
    tick(part) = sprintf("'%.2g' %.10g", part * exponent_scale, root(part * exponent_scale))
    eval("set cbtics (".tick(-1).", ".tick(-0.25).", '0' 0, ".tick(0.25).", ".tick(1).")")
}
if (show eq "loss") { eval(dark_bright); set format cb "10^{%g}" }
if (show eq "steps") { eval(dark_bright) }
if (show eq "regime") { eval(regimes) }

do for [device in devices] {
    eval(open(device))
    unset grid
    set border 15 linewidth 1 linecolor rgb black
    set lmargin screen 0.12
    set rmargin screen 0.82
    set bmargin screen 0.11
    set tmargin screen 0.93
    set object 1 rectangle from graph 0,0 to graph 1,1 behind fillcolor rgb black fillstyle solid noborder
    set title heading offset 0,0.2
    set xlabel x_name
    set ylabel y_name
    set cblabel label offset (show eq "steps" ? 1.5 : 0),0
    if (show ne "regime") { set label 1 show eq "steps" ? "black: not reached" : "black: diverged" at graph 1,-0.1 right }
    eval(ticks("x", x0, x1, x_logarithmic))
    eval(ticks("y", y0, y1, y_logarithmic))
    if (x_logarithmic && x1 - x0 < 1) { list = ""; step = step_of(x_low, x_high, 4); do for [k=ceil(x_low / step):floor(x_high / step)] { list = list.tick_at(k * step) }; eval("set xtics (".list[3:].")") }
    if (y_logarithmic && y1 - y0 < 1) { list = ""; step = step_of(y_low, y_high, 4); do for [k=ceil(y_low / step):floor(y_high / step)] { list = list.tick_at(k * step) }; eval("set ytics (".list[3:].")") }
    plot "map.npy" binary array=(width,height) skip=skip format="%double" endian=little \
        origin=(x0 + 0.5 * (x1 - x0) / width, y0 + 0.5 * (y1 - y0) / height) dx=((x1 - x0) / width) dy=((y1 - y0) / height) \
        using (shown($1)) with image notitle
    unset output
}
