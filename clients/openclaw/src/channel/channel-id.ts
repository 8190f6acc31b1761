/** The plugin's id, its channel's, and the key of its settings. */
export const CHANNEL_ID = "napcatqq";
