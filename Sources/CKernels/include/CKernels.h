#ifndef CKERNELS_H
#define CKERNELS_H

#include "Batches.h"
#include "Layers.h"
#include "Optimizers.h"
#include "Threads.h"

#endif
