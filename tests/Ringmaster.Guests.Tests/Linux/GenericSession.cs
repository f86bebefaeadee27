namespace Ringmaster.Guests.Tests.Linux;

/// <summary>See <see cref="LinuxGuest.Generic"/>.</summary>
public sealed class GenericSession() : LinuxSession(LinuxGuest.Generic(), LinuxGuest.NoCryptoTests);
