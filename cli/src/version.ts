/** Versions move together: this line with the manifests. */
export const version = '0.1.0'
