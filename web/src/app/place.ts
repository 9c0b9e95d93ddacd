/** False while the build draws what a page shows before its script is there. */
export const IN_BROWSER = typeof document !== 'undefined';
