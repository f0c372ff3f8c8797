void cli_print_man(void);
void cli_print_man(void) {}
