namespace Ringmaster.Firmware.Boot;

/// <summary>Knows one kind of kernel image.</summary>
internal interface IKernelLoader
{
    /// <summary>What the kind is called: <c>"Linux bzImage"</c>.</summary>
    string Name { get; }

    /// <summary>Whether the request is of this kind, by the image's signature; it may still turn out to be damaged.</summary>
    bool Recognises(BootRequest request);

    /// <summary>Puts the image, its modules and what the protocol hands over into RAM.</summary>
    /// <exception cref="KernelLoadException">The image, a module or the command line cannot be used.</exception>
    BootResult Load(BootRequest request, BootPlacement placement);
}
