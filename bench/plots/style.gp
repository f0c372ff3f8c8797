# What the benchmark's pictures share: devices, colours, grids, names. `out` names the directory of the tables, where the
# pictures go too.
set encoding utf8
set datafile separator ","
set datafile commentschars "#"
table = out."/bench.csv"

# pngcairo draws best; a gnuplot without it has libgd's png, or draws the SVG alone.
terminals = " ".GPVAL_TERMINALS." "
png_terminal = ""
if (strstrt(terminals, " png ") > 0) { png_terminal = "set terminal png truecolor size 1500,780 font 'sans,15'" }
if (strstrt(terminals, " pngcairo ") > 0) { png_terminal = "set terminal pngcairo size 1500,780 font 'sans,16' linewidth 1.4" }
svg_terminal = "set terminal svg size 1150,600 font 'sans-serif,15' background '#ffffff' linewidth 1.2"
devices = (png_terminal eq "" ? "svg" : "png svg")
open(device, name) = (device eq "png" ? png_terminal : svg_terminal)."; set output '".out."/".name.".".device."'"

# Colours of Okabe and Ito that the colour-blind can tell apart (B. Wong, Nature Methods 8, 441 (2011)).
black = "#222222"; blue = "#0072B2"; orange = "#D55E00"; green = "#009E73"; sky = "#56B4E9"; purple = "#CC79A7"
yellow = "#E69F00"; grey = "#999999"
# The instruction sets: names, titles, colours, in the order of simd/isa/list.h.
all_isas = "scalar avx2 avx512 neon"
isa_titles = "scalar AVX2 AVX-512 NEON"
isa_colours = grey." ".sky." ".blue." ".green
colour(isa) = word(isa_colours, number_of(all_isas, isa))
activations = "linear sigmoid tanh relu"
titles = "linear sigmoid tanh ReLU"

set border 3 linewidth 1 linecolor rgb black
set tics nomirror out scale 0.6
set grid ytics linewidth 0.5 linecolor rgb "#CCCCCC"
set style fill solid 1 noborder
set title font ",17"

# Columns of bench.csv: 1 kernel, 2 isa, 3 precision, 4 net, 5 activation, 9 best ns, 13 GFLOP/s, 14 flop a byte, 16 % of bound.
# 19 times the scalar path.
number_of(list, entry) = sum [i=1:words(list)] (word(list, i) eq entry ? i : 0)
row(kernel, isa, precision, net) = strcol(1) eq kernel && strcol(2) eq isa && strcol(3) eq precision && strcol(4) eq net
