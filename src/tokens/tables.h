/*
 * tables - the bytes that pack.py wrote, as a part of the program. Internal to vocabulary.
 */
#ifndef TB_TOKEN_TABLES_H
#define TB_TOKEN_TABLES_H

/* Aligned for what they hold; empty when the vocabularies could not be had. */
extern const char tb_token_tables[], tb_token_tables_end[];

#endif
