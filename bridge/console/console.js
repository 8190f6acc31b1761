// onebus
