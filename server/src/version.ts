/** Versions move together; the release script changes this line with the manifests. */
export const version = '0.1.0'
