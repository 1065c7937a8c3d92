/** Why a wait ended without an answer: nobody is there any more to get one. No failure, and nothing to log or to tell. */
export class CallerLeft extends Error {
  override readonly name = 'CallerLeft'
  constructor() {
    super('The caller has left.')
  }
}
