#!/usr/bin/env node
/** `npm create asyncv [folder]`: `asyncv init`, with the same words and flags. */
import { runCommand } from '@asyncv/cli/program'

const [node = '', program = '', ...given] = process.argv
await runCommand([node, program, 'init', ...given])
