/*
 * Takes the file in as it is: as numbers in C, seven million bytes would take the compiler longer
 * than all of tokbill.
 */
#include "tokens/tables.h"

#ifdef TB_TOKEN_TABLES_FILE
#define TABLES ".incbin \"" TB_TOKEN_TABLES_FILE "\"\n"
#else
#define TABLES ""
#endif

__asm__(".section .rodata\n"
	".balign 64\n"
	".globl tb_token_tables\n"
	"tb_token_tables:\n" TABLES ".globl tb_token_tables_end\n"
	"tb_token_tables_end:\n"
	".byte 0\n"
	".text\n");
