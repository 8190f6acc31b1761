/** Writes openclaw.plugin.json from the table of settings. */

import { writeFileSync } from "node:fs";
import { manifest } from "../src/channel/manifest.ts";

writeFileSync(new URL("../openclaw.plugin.json", import.meta.url), manifest());
