#ifndef TB_VERSION_H
#define TB_VERSION_H

#include "tokbill.h"

#define TB_VERSION TOKBILL_VERSION

#endif
