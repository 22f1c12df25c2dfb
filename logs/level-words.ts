/**
 * The words that name levels. Words of other languages are those that loggers, databases and Java's own messages write
 * in front of a line where the system speaks that language.
 */

/** Words by level, in small letters. */
type Words = Readonly<Record<string, string>>;

export const words: Words = {
  TRACE: 't trace trc trce finer finest trace1 trace2 trace3 trace4 trace5 trace6 trace7 trace8',
  DEBUG: 'd debug dbg dbug debg fine config verbose vrb v d1 d2 d3 d4 d5 debug1 debug2 debug3 debug4 debug5',
  INFO: 'i info inf information informational note notice log system statement detail hint context location query',
  WARN: 'w warn wrn warning deprecation',
  ERROR: 'e error err erro eror severe fail',
  CRITICAL: 'c crit critical alert',
  FATAL: 'f fatal ftl fatl emerg emergency panic dpanic',
};

/** German, French, Spanish, Italian, Portuguese, of the north and the east, Turkish, Chinese, Japanese, Korean. */
export const foreignWords: Words = {
  TRACE: 'трассировка 跟踪 追踪 トレース',
  DEBUG: 'отладка налагодження 调试 除錯 デバッグ 디버그',
  INFO: [
    'infos información informazioni informações informacja инфо информация інформація',
    '信息 資訊 情報 정보 インフォ',
  ].join(' '),
  WARN: [
    'warnung avertissement advertencia advertência aviso avviso avvertenza attenzione waarschuwing',
    'varning advarsel varoitus ostrzeżenie varování figyelmeztetés uyari uyarı предупреждение внимание попередження',
    '警告 注意 경고 ワーニング',
  ].join(' '),
  ERROR: [
    'fehler schwerwiegend erreur grave errore fout allvarlig feil fejl virhe błąd chyba hiba hata',
    'ошибка помилка грешка 错误 錯誤 异常 严重 嚴重 エラー 重大 오류 에러 심각 σφάλμα',
  ].join(' '),
  CRITICAL: 'kritisch critique crítico critico critica krytyczny критический критично 紧急 緊急 심각함',
  FATAL: 'panik фатальный 致命 致命的 치명적',
};

/** Words that name a level only where one is expected. */
export const fieldWords: Words = {
  TRACE: 'silly all spam lowest',
  INFO: 'success http ok audit normal',
  ERROR: 'failure exception',
  FATAL: 'disaster',
};

/** Three letters that name a level in a column or a field, and something else anywhere else. */
export const abbreviations: Words = {
  TRACE: 'tra',
  DEBUG: 'deb vbs ver',
  INFO: 'ntc nte nfo msg not',
  WARN: 'war wng',
  ERROR: 'sev svr exc',
  CRITICAL: 'cri crt alr ale alt',
  FATAL: 'fat emg eme pnc pan',
};

/** Words that name a level in a column, with a capital in front, and something else anywhere else. */
export const columnWords: Words = {
  INFO: 'default success',
  ERROR: 'failed failure alarm alm depend',
  CRITICAL: 'fault',
};

/** Words that often stand for something else: where a level is guessed, they are none. */
export const ambiguous: ReadonlySet<string> = new Set(
  [
    'log fail fine finer finest config verbose note system statement detail hint context location query alert emergency',
    'aviso fout hata chyba hiba panik virhe feil attenzione infos внимание 注意',
  ]
    .join(' ')
    .split(' '),
);
