#!/usr/bin/env node
/** The `odradek` command. The compile cache is on before anything of size is loaded. */
import { enableCompileCache } from 'node:module'

enableCompileCache()
const { runCommand } = await import('./commands.ts')
await runCommand(process.argv.slice(2))
