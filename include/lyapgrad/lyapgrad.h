/* lyapgrad: Lyapunov exponents of gradient descent on neural-network weights. Includes every public header. */
#ifndef LYAPGRAD_LYAPGRAD_H
#define LYAPGRAD_LYAPGRAD_H

#include "lyapgrad/bifurcation.h"
#include "lyapgrad/checkpoint.h"
#include "lyapgrad/dataset.h"
#include "lyapgrad/digest.h"
#include "lyapgrad/ensemble.h"
#include "lyapgrad/estimator.h"
#include "lyapgrad/inference.h"
#include "lyapgrad/interval.h"
#include "lyapgrad/isa.h"
#include "lyapgrad/map.h"
#include "lyapgrad/network.h"
#include "lyapgrad/optimiser.h"
#include "lyapgrad/outcome.h"
#include "lyapgrad/precision.h"
#include "lyapgrad/progress.h"
#include "lyapgrad/random.h"
#include "lyapgrad/reference.h"
#include "lyapgrad/regime.h"
#include "lyapgrad/selection.h"
#include "lyapgrad/series.h"
#include "lyapgrad/spectrum.h"
#include "lyapgrad/statistics.h"
#include "lyapgrad/status.h"
#include "lyapgrad/system.h"
#include "lyapgrad/validate.h"
#include "lyapgrad/version.h"

#endif
