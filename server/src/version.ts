/** The manifest's, written down: where this is bundled, there is no manifest to read. A test holds them together. */
export const version = '0.1.0'
