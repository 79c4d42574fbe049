"""What comes out of a printer: labels, lists, QR codes. It knows no rows and reads no clock."""
