/** The host looks for this file by its name, to put in secrets before it runs the plugin. */

import { secrets } from "./src/channel/secrets.ts";

export const { collectRuntimeConfigAssignments, secretTargetRegistryEntries } = secrets;
