/* SPDX-License-Identifier: MIT */
/* The table that embed.py makes of the files. */
#ifndef ONEBUS_ASSET_TABLE_H
#define ONEBUS_ASSET_TABLE_H

#include "console/asset.h"

extern const struct asset ASSETS[];
extern const size_t ASSET_COUNT;

#endif
