#ifndef CKERNELS_H
#define CKERNELS_H

#include "Activations.h"
#include "Areas.h"
#include "Batches.h"
#include "Convolutions.h"
#include "Images.h"
#include "Losses.h"
#include "Normalizations.h"
#include "Optimizers.h"
#include "Threads.h"

#endif
