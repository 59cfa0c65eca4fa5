/** Version of this build, in the user agent and in `--version`. */
export const VERSION = '0.1.0';
