/**
 * Bytes as the body of an answer. The first of them are read before it begins: what cannot be opened is a problem then, and
 * not a cut answer; and an iterator that has begun closes its source when the reader leaves, which one that has not does not
 * (a file that is read stayed open).
 */
export async function download(bytes: AsyncIterable<Uint8Array>): Promise<ReadableStream<Uint8Array>> {
  const iterator = bytes[Symbol.asyncIterator]()
  let first: IteratorResult<Uint8Array> | null = await iterator.next()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = first ?? (await iterator.next())
        first = null
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await iterator.return?.()
      },
    },
    // Nothing is read ahead of who reads.
    { highWaterMark: 0 },
  )
}
