#ifndef CKERNELS_THREADS_H
#define CKERNELS_THREADS_H

#include <stdint.h>

/// Makes the calling thread treat numbers below the normal range as 0, which some processors
/// otherwise compute a hundred times slower; returns the mode it had.
uint64_t lehr_flush_subnormals(void);

/// Gives the calling thread the mode that `lehr_flush_subnormals` returned.
void lehr_restore_float_mode(uint64_t mode);

/// The number of processors that the process may run on; at least 1.
int lehr_processor_count(void);

/// Lets the calling thread run only on the `index`th of the processors that the process may run
/// on, 0-based; returns 0, or an errno: EINVAL where there are not so many.
int lehr_pin_thread(int index);

#endif
