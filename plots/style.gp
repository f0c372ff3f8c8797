# What all figures share: the two devices, colours, fonts, grids. `figure` names the data file; two arguments (gnuplot -c)
# name other files for the PNG and the SVG.
set encoding utf8
set datafile separator ","
data = figure.".csv"
png_file = figure.".png"
svg_file = figure.".svg"
if (exists("ARG2")) { if (strlen(ARG2) > 0) { png_file = ARG1; svg_file = ARG2 } }

# pngcairo draws best; a gnuplot without it has libgd's png, or draws the SVG alone.
terminals = " ".GPVAL_TERMINALS." "
png_terminal = ""
if (strstrt(terminals, " png ") > 0) { png_terminal = "set terminal png truecolor size 1800,680 font 'sans,16'" }
if (strstrt(terminals, " pngcairo ") > 0) { png_terminal = "set terminal pngcairo size 1800,680 font 'sans,17' linewidth 1.5" }
svg_terminal = "set terminal svg size 1350,510 font 'sans-serif,15' background '#ffffff' linewidth 1.2"
if (png_terminal eq "") { print "this gnuplot has no PNG terminal" }
devices = (png_terminal eq "" ? "svg" : "png svg")

# One panel an activation, side by side; number(list, panel) takes the words of a list of numbers apart.
activations = "linear sigmoid relu"
titles = "linear sigmoid ReLU"
number(list, panel) = real(word(list, panel))
is(name) = strcol(1) eq name

# Numbers as text: thousands with a comma, small ones as a power of ten.
count(x) = x < 999.5 ? sprintf("%.0f", x) : sprintf("%.0f,%03.0f", floor(x / 1000), x - 1000 * floor(x / 1000))
text(x) = x == 0 || abs(x) >= 0.001 ? sprintf("%.3g", x) : gprintf("%.2t×10^{%T}", x)

# An axis of about so many steps at round numbers, with as many decimals as they need: eval(axis("y", lowest, highest, 4)).
power_of_ten(x) = 10.0**floor(log10(x))
leading(f) = f < 1.5 ? 1 : f < 3 ? 2 : f < 7 ? 5 : 10
round_step(x) = leading(x / power_of_ten(x)) * power_of_ten(x)
decimals(step) = step >= 1 ? 0 : int(ceil(-log10(step) - 1e-9))
span(low, high) = high > low ? high - low : high != 0 ? abs(high) : 1.0
step_of(low, high, steps) = round_step(span(low, high) / steps)
axis(name, low, high, steps) = sprintf("set %srange [%.10g:%.10g]; set %stics %.10g; set format %s '%%.%df'", name, \
    low - 0.05 * span(low, high), high + 0.05 * span(low, high), \
    name, step_of(low, high, steps), name, decimals(step_of(low, high, steps)))

# A logarithmic axis with the same tics in every gnuplot (left to itself 6.0 labels nine numbers a decade, and with a step of ten none
# in some ranges): powers of ten from 30-fold on, about eight of them; 1, 2 and 5 times these in less; multiples of a round step below
# five-fold. eval(log_tics("x", low, high)); each list begins with a comma and a blank.
inside(x, low, high) = x > 0.999999 * low && x < 1.000001 * high
minor_tics(k, j, low, high) = j > 9 ? "" : \
    (inside(j * 10.0**k, low, high) ? sprintf(", '' %.10g 1", j * 10.0**k) : "").minor_tics(k, j + 1, low, high)
powers(k, step, low, high) = 10.0**k > 1.000001 * high ? "" : \
    (k % step == 0 && inside(10.0**k, low, high) ? sprintf(", %.10g", 10.0**k) : "").\
    (step == 1 ? minor_tics(k, 2, low, high) : "").powers(k + 1, step, low, high)
round_number(n) = (n % 3 == 0 ? 1 : n % 3 == 1 ? 2 : 5) * 10.0**(n / 3 - 1000)
round_numbers(n, low, high) = round_number(n) > 1.000001 * high ? "" : \
    (inside(round_number(n), low, high) ? sprintf(", %.10g", round_number(n)) : "").round_numbers(n + 1, low, high)
multiples(k, step, high) = k * step > 1.000001 * high ? "" : sprintf(", %.10g", k * step).multiples(k + 1, step, high)
log_list(low, high) = high > 30 * low ? powers(int(floor(log10(low))), int(ceil(log10(high / low) / 8)), low, high) : \
    high < 5 * low ? multiples(ceil(low / step_of(low, high, 4) - 1e-6), step_of(low, high, 4), high) : \
    round_numbers(3 * int(floor(log10(low)) + 1000), low, high)
log_tics(name, low, high) = sprintf("set %stics (%s)", name, substr(log_list(low, high), 3, -1))
log_format(low, high) = high > 30 * low ? "10^{%T}" : "%h"

# Colours of Okabe and Ito that the colour-blind can tell apart (B. Wong, Nature Methods 8, 441 (2011)).
blue = "#0072B2"
orange = "#D55E00"
grey = "#7A7A7A"
light_blue = "#C2DFEE"
light_orange = "#F5CBAA"
black = "#222222"

# A page is opened for a device (whose points are larger or smaller: `size` makes them alike), three panels are laid out on it, each is prepared: its ranges free again, which `stats`
# would obey, and the legend, which stands along the lower edge, drawn with the first alone.
open(device) = (device eq "png" ? png_terminal."; set output png_file; size = 1" : svg_terminal."; set output svg_file; size = 0.45").\
    "; set border 3 linewidth 1 linecolor rgb black; set tics nomirror out scale 0.6; set title offset 0,-0.5; set xlabel offset 0,0.3; set ylabel offset 0.7,0; unset key; ".\
    "set grid xtics ytics linewidth 0.5 linecolor rgb '#CCCCCC'"
panels(title) = "set multiplot layout 1,3 title '".title."' margins screen 0.065, screen 0.985, screen 0.215, screen 0.77 spacing screen 0.075"
prepare(panel) = "set autoscale; unset label; unset arrow; unset object; ".(panel == 1 ? legend : "")

# Entries of a legend at a part x of the width.
place(x) = sprintf("screen %.4f, screen 0.045", x)
area_entry(x, look, text) = sprintf("set object rectangle from screen %.4f, screen 0.03 to screen %.4f, screen 0.06 %s fillstyle solid noborder; ", x, x + 0.022, look).\
    "set label '".text."' at ".place(x + 0.028)."; "
line_entry(x, look, text) = "set arrow from ".place(x)." to ".place(x + 0.022)." nohead ".look."; set label '".text."' at ".place(x + 0.028)."; "
point_entry(x, look, text) = "set label '' at ".place(x + 0.012)." point ".look."; set label '".text."' at ".place(x + 0.021)."; "
