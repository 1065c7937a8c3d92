import { writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestSuite } from 'vitest/node'

export interface TestReport {
  passed: number
  failed: number
  /** The tests that this run left out, by name. */
  skipped: string[]
  /** The tests that passed at another try, by name. */
  retried: string[]
  /** What failed, each a line: where, and the first line of why. Besides tests also set-ups, files and stray errors. */
  reasons: string[]
}

interface Failure {
  message?: string
}

/** A reporter of vitest that writes a run down as a {@link TestReport}. Its own `json` reporter is silent about set-ups. */
export function testReporter(file: string): Reporter {
  return {
    onTestRunEnd(modules, strayErrors) {
      const report: TestReport = { passed: 0, failed: 0, skipped: [], retried: [], reasons: [] }
      const fail = (place: string, errors: readonly Failure[]): void => {
        report.failed++
        report.reasons.push(`${place}: ${firstLine(errors)}`)
      }
      for (const module of modules) {
        const name = module.relativeModuleId
        if (module.errors().length > 0) fail(name, module.errors())
        for (const suite of module.children.allSuites()) {
          if (suite.errors().length > 0) fail(named(name, suite), suite.errors())
        }
        for (const test of module.children.allTests()) {
          const { state, errors } = test.result()
          if (state === 'failed') fail(named(name, test), errors)
          else if (state === 'passed') report.passed++
          else report.skipped.push(test.fullName)
          if (test.diagnostic()?.flaky) report.retried.push(named(name, test))
        }
      }
      for (const error of strayErrors) fail('outside of all tests', [error])
      writeFileSync(file, JSON.stringify(report))
    },
  }
}

const named = (file: string, part: TestCase | TestSuite): string => `${file} > ${part.fullName}`

function firstLine(errors: readonly Failure[]): string {
  return errors[0]?.message?.split('\n')[0] ?? 'no reason was given'
}
