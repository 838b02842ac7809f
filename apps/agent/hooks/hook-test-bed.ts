// What the tests here share: a hooks root, a place for data files and a log, all of them gone after the test.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { createHookRunner, type HookRunner, type HookRunnerOptions } from './hook-runner.ts'

export const hookingPath = join(import.meta.dirname, '../hooking')

/** A reason to skip tests with Python hooks, or false. */
export const withoutPython =
  spawnSync('python3', ['-c', 'import json, xml.dom.minidom']).status !== 0 &&
  'python3 with its standard library is not installed'

export interface HookTestBed {
  /** A folder for whatever the test or its scripts want to leave behind. */
  dir: string
  hooksRoot: string
  /** Lines as `<level> <message>`. */
  log: string[]
  runner: HookRunner
  /** Installs a script into a hook point and gives its path. */
  install(point: string, name: string, text: string, mode?: number): Promise<string>
}

export async function createHookTestBed(
  t: TestContext,
  options: Partial<HookRunnerOptions> = {},
): Promise<HookTestBed> {
  const dir = await mkdtemp(join(tmpdir(), 'patchbay-hooks-'))
  const hooksRoot = join(dir, 'hooks')
  const tmpDir = join(dir, 'data-files')
  await mkdir(tmpDir)
  t.after(async () => {
    const leftBehind = await readdir(tmpDir)
    await rm(dir, { recursive: true })
    assert.deepEqual(leftBehind, [], 'whatever a hook does, no data file stays behind')
  })

  const log: string[] = []
  const logger = {
    info: (_: object, message: string) => void log.push(`info ${message}`),
    warn: (_: object, message: string) => void log.push(`warn ${message}`),
    error: (_: object, message: string) => void log.push(`error ${message}`),
  }
  const runner = createHookRunner({ hooksRoot, hookingPath, tmpDir, logger, ...options })

  async function install(point: string, name: string, text: string, mode = 0o755) {
    const path = join(hooksRoot, point, name)
    await mkdir(join(hooksRoot, point), { recursive: true })
    await writeFile(path, text, { mode })
    return path
  }
  return { dir, hooksRoot, log, runner, install }
}

/** A shell script. */
export const sh = (...lines: string[]) => ['#!/bin/sh', ...lines, ''].join('\n')

/** A Python script that has `hooking`, `os` and `sys`. */
export const python = (...lines: string[]) =>
  ['#!/usr/bin/env python3', 'import hooking, os, sys', ...lines, ''].join('\n')
