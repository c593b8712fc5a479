#ifndef CDNNL_H
#define CDNNL_H

#include <oneapi/dnnl/dnnl.h>

// From OpenMP 5.2, section 18.2.1. Declared here because <omp.h> lies in a compiler's own folder.
void omp_set_num_threads(int count);

#endif
