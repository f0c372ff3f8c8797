-: simd/kernels.h include/lyapgrad/outcome.h include/lyapgrad/precision.h \
 include/lyapgrad/isa.h include/lyapgrad/status.h \
 include/lyapgrad/network.h include/lyapgrad/optimiser.h \
 include/lyapgrad/system.h src/model/initial_law.h \
 include/lyapgrad/initial_law.h simd/isa/list.h
include/lyapgrad/outcome.h:
include/lyapgrad/precision.h:
include/lyapgrad/isa.h:
include/lyapgrad/status.h:
include/lyapgrad/network.h:
include/lyapgrad/optimiser.h:
include/lyapgrad/system.h:
src/model/initial_law.h:
include/lyapgrad/initial_law.h:
simd/isa/list.h:
