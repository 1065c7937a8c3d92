import { readFileSync } from 'node:fs'
import type { TestReport } from './test-report.ts'

/**
 * What a run of vitest amounts to, by its exit code and the report that `test-report.ts` wrote of it. A run that died
 * before it wrote one, or that ran no test, has failed.
 */
export function countTests(exitCode: number | null, reportFile: string): TestReport {
  const report = readReport(reportFile)
  if (report === null) return failedFor(`The tests left no report (${reportFile}).`)
  if (report.failed > 0) return report
  if (report.passed === 0) return failedFor('No test ran.')
  if (exitCode !== 0) {
    const reason = `The tests ended with code ${exitCode}, although none of them failed.`
    return { ...report, failed: 1, reasons: [reason] }
  }
  return report
}

const failedFor = (reason: string): TestReport => ({
  passed: 0,
  failed: 1,
  skipped: [],
  retried: [],
  reasons: [reason],
})

function readReport(file: string): TestReport | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestReport
  } catch {
    return null // not there, or cut while it was written
  }
}
