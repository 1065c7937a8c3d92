/** From one attempt to bring a release to a runtime to the next. ms. */
export const pushBackoff = { firstMs: 500, capMs: 30_000 }
