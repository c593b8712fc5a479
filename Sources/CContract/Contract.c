#include "CContract.h"

// C embeds a file at once, where its bytes as an array literal in Swift take most of a minute to compile.
#pragma clang diagnostic ignored "-Wc23-extensions"
static const char contract[] = {
#embed "openapi.yaml" suffix(, )
    0,
};

const char *lehr_contract(void) { return contract; }
