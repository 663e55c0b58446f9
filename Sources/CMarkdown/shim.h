// md4c, the inline parser behind TextLayout.
#pragma once
#include <md4c.h>
