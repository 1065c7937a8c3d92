import { readFileSync } from 'node:fs'

export interface Counted {
  passed: number
  failed: number
  /** Tests that this run left out. */
  skipped: number
  /** What failed besides tests, each a sentence. */
  reasons: string[]
}

/**
 * What a run of vitest amounts to, by its exit code and the report of its `json` reporter. A test that could not run has
 * not passed: a file that could not be imported or set up, an error that no test caught, and a run that died before it
 * wrote its report are failures too.
 */
export function countTests(exitCode: number | null, reportFile: string): Counted {
  const report = readReport(reportFile)
  if (report === null)
    return { passed: 0, failed: 1, skipped: 0, reasons: [`The tests left no report (${reportFile}).`] }
  const reasons = report.testResults
    .filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some(isFailed))
    .map(({ name, message }) => `${name} could not run: ${message.split('\n')[0] || 'its set-up failed'}.`)
  const { numPassedTests: passed, numFailedTests, numPendingTests: skipped } = report
  if (passed + numFailedTests === 0) reasons.push('No test ran.')
  // An error outside a test stands nowhere in the report.
  if (exitCode !== 0 && numFailedTests + reasons.length === 0) {
    reasons.push(`The tests ended with code ${exitCode}, although none of them failed.`)
  }
  return { passed, failed: numFailedTests + reasons.length, skipped, reasons }
}

interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: { name: string; status: string; message: string; assertionResults: { status: string }[] }[]
}

function readReport(file: string): Report | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch {
    return null // not there, or cut while it was written
  }
}

function isFailed({ status }: { status: string }): boolean {
  return status === 'failed'
}
