import { expect, test } from 'vitest';
import { readAnswer } from '../../../tables/clickhouse/answer.ts';

test('only integers of wide columns that a number can not hold become strings', () => {
  const text = `["id", "list", "text", "ratio"]
["UInt64", "Map(String, Array(Int64))", "String", "Float64"]
[9007199254740991, {"9007199254740993":[-9007199254740993,1]}, "9,\\"9007199254740993", 9007199254740992000]
[9007199254740993, {}, "\\\\", 1e300]
`;
  expect(readAnswer(text)).toEqual([
    {
      id: 9007199254740991,
      list: { '9007199254740993': ['-9007199254740993', 1] },
      text: '9,"9007199254740993',
      ratio: 9007199254740992000,
    },
    { id: '9007199254740993', list: {}, text: '\\', ratio: 1e300 },
  ]);
});

test('a column that is called like a property of every object is data', () => {
  expect(Object.entries(readAnswer('["__proto__"]\n["UInt8"]\n[1]\n')[0]!)).toEqual([['__proto__', 1]]);
});

test('anything but an answer is a SyntaxError', () => {
  for (const text of ['', '1\n', '["a"]\n', '["a"]\n["UInt8"]\n7\n', '["a"]\n["UInt8"]\n[1']) {
    expect(() => readAnswer(text), text).toThrow(SyntaxError);
  }
});
