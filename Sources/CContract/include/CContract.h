#ifndef CCONTRACT_H
#define CCONTRACT_H

// The service's contract, OpenAPI 3.1 in YAML, as text that ends in a zero byte.
const char *lehr_contract(void);

#endif
