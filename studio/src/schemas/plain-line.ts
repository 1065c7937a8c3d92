/**
 * One line without characters that do something: no controls, and none that turn round how what stands behind them is
 * read, by which a name could change the sentence that it is in. Letters of every script turn by themselves.
 */
export const plainLine = /^[^\p{Cc}\u{61c}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{2028}\u{2029}]*$/u
